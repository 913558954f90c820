"""What the benches share: a load on one address, and the unit page that they compare with."""
