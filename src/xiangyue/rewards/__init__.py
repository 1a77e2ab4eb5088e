"""What follows from results: honours and plaques, award lists, incentives, performance and pay factors."""
