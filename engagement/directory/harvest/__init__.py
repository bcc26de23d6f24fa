"""Reading another directory's Open Referral UK 3.0 feed, and what its services say as entries of ours."""
