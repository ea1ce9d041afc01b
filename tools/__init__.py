"""Small programs that set the project up, keep its catalogs and check it; `make help` names their uses."""
