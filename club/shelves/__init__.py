"""What a member keeps by hand: four favourite albums, albums to hear, and a diary of albums heard."""
