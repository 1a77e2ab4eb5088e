"""The tree of places in time: county, township, village, hamlet, household, public places."""
