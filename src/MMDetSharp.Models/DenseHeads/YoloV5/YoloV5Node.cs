using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>A built row of a YOLOv5 network.</summary>
/// <param name="From">(N) rows before it, from 0; -1 is the image.</param>
/// <param name="Layer">What it does; null joins its inputs over the channels.</param>
/// <param name="Channels">Of its map.</param>
/// <param name="Stride">Pixels of the image from one place of its map to the next.</param>
internal sealed record YoloV5Node(int[] From, Layer? Layer, int Channels, double Stride);
