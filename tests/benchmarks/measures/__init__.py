"""One file each for what is measured. A measure gives figures; what they are held against stands beside them."""
