"""What goes out to everybody: feeds, site maps, structured data, share images."""
