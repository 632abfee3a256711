namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>The size of a detection layer's map, and of the network's input.</summary>
/// <param name="Height">Cells.</param>
/// <param name="Width">Cells.</param>
/// <param name="InputHeight">Pixels.</param>
/// <param name="InputWidth">Pixels.</param>
internal readonly record struct DarknetMapSize(int Height, int Width, int InputHeight, int InputWidth);
