"""What has been agreed between a client and a practice. How it comes to be agreed lives in `booking`."""
