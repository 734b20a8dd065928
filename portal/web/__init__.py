"""What every page needs: who is looking, which practice, forms, errors, the guards at the door."""
