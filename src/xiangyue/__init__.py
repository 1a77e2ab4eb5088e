"""Xiangyue: a county's rural clean-up and branch ratings, from the register to a published board."""
