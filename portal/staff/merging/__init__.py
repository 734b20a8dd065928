"""Two records that are one person's: noticed, looked at side by side, made one, taken apart again."""
