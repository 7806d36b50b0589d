package io.trivet.linux;

/// Stands for a class of edge/linux in a fixture of the walls.
public interface CrossedOnPurpose {}
