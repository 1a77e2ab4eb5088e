"""Demo counties: real villages, made-up people, captures drawn from a seed; everything after the captures is computed."""
