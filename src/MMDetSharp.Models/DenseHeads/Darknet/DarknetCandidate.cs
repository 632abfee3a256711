namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>A box that may be an object of a class; one box may be several.</summary>
/// <param name="Box">The decoded box.</param>
/// <param name="Label">The class, 0 to K - 1.</param>
/// <param name="Score">Objectness times the class's probability.</param>
internal readonly record struct DarknetCandidate(DarknetBox Box, int Label, float Score);
