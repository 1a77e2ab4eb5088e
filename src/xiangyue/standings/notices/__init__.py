"""Publications: what is proposed, told, objected to and in force; kinds, course and problems."""
