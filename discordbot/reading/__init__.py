"""The parts that `state` reads the club in: people, nominations, ratings, moderators' acts."""
