"""Labs, courses with their skills, worksites and the counties they lie in."""
