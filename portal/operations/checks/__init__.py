"""What `doctor` looks at: each check yields findings and changes nothing."""
