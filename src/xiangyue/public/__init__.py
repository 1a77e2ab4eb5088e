"""Pages without log-in: boards, rankings, notices, the big screen."""
