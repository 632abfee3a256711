using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>How a dense head's maps become boxes: by anchors, or by points and distances.</summary>
public interface IPlaceBoxes
{
    /// <summary>What the boxes are relative to: anchors or points.</summary>
    /// <param name="maps">As the network gave them; borrowed.</param>
    /// <returns>(L): one row for each box of a level; they belong to the caller.</returns>
    Tensor[] Priors(MapSet maps);

    /// <summary>Which rows of a level count.</summary>
    /// <param name="maps">As the network gave them; borrowed.</param>
    /// <param name="place">Which level of which image.</param>
    /// <returns>(N) int64: the rows, rising; it belongs to the caller. Null: all.</returns>
    Tensor? Counted(MapSet maps, in LevelPlace place) => null;

    /// <summary>The boxes of some rows of a level.</summary>
    /// <param name="maps">As the network gave them; borrowed.</param>
    /// <param name="place">Which level of which image.</param>
    /// <param name="priors">The level's priors, all of them.</param>
    /// <param name="rows">(N) int64: the rows; null: all.</param>
    /// <returns>(N, 4) xyxy in pixels of the network's input; it belongs to the caller.</returns>
    Tensor Decode(MapSet maps, in LevelPlace place, Tensor priors, Tensor? rows);

    /// <summary>
    /// How sure the boxes themselves are: what scores are multiplied by after the score threshold, where no map of quality is.
    /// </summary>
    /// <param name="maps">As the network gave them; borrowed.</param>
    /// <param name="place">Which level of which image.</param>
    /// <param name="rows">(N) int64: the rows; null: all.</param>
    /// <returns>(N), 0 to 1; it belongs to the caller. Null: nothing.</returns>
    Tensor? Confidences(MapSet maps, in LevelPlace place, Tensor? rows) => null;
}

/// <summary>One level of one image of the batch.</summary>
/// <param name="Level">The level, from 0, finest first.</param>
/// <param name="Image">The image's index in the batch.</param>
public readonly record struct LevelPlace(int Level, int Image)
{
    /// <summary>(C, H, W): its part of a map.</summary>
    internal Tensor Of(Tensor[] maps) => maps[Level][Image];
}
