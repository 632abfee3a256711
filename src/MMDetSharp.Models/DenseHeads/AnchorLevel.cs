using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>The maps of one image at one level, with the anchors they speak of.</summary>
/// <param name="Scores">(A C, H, W).</param>
/// <param name="Deltas">(A 4, H, W).</param>
/// <param name="Anchors">(H W A, 4) xyxy.</param>
public sealed record AnchorLevel(Tensor Scores, Tensor Deltas, Tensor Anchors);
