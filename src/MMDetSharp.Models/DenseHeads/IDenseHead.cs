using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Losses;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>A head that predicts at every place of every level: network, targets, losses and decoding together.</summary>
public interface IDenseHead
{
    /// <summary>The only part with parameters; its keys begin with <c>bbox_head.</c> in a detector.</summary>
    Module Network { get; }

    /// <summary>The number of classes, K, without background.</summary>
    int ClassCount { get; }

    /// <summary>Predicts the maps. Reads no size from a tensor, so that it can be traced for any picture.</summary>
    /// <param name="features">One (B, C, H, W) per level, finest first.</param>
    /// <returns>First index: which output (scores, boxes ...); second index: the level. They belong to the caller.</returns>
    Tensor[][] Forward(Tensor[] features);

    /// <summary>Compares the maps with the annotated objects.</summary>
    /// <param name="maps">As <see cref="Forward"/> returned them.</param>
    /// <param name="batch">What happened to each image, and its objects.</param>
    /// <returns>The terms; their tensors belong to the caller.</returns>
    LossTerms ComputeLosses(Tensor[][] maps, Batch batch);

    /// <summary>Turns the maps into objects.</summary>
    /// <param name="maps">As <see cref="Forward"/> returned them.</param>
    /// <param name="infos">(B): what happened to each image.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the network's input.</param>
    /// <returns>(B) detections; they belong to the caller.</returns>
    Detections[] Decode(Tensor[][] maps, IReadOnlyList<ImageInfo> infos, bool rescale);

    /// <summary>Turns the maps of several views of one picture (scales, flips) into its objects.</summary>
    /// <param name="maps">Of each view, as <see cref="Forward"/> returned them for a batch of one.</param>
    /// <param name="infos">What happened to the picture in each view.</param>
    /// <param name="rescale">Whether boxes are in pixels of the original picture instead of the first view.</param>
    /// <returns>Detections; they belong to the caller.</returns>
    /// <exception cref="NotSupportedException">The head cannot merge views.</exception>
    Detections DecodeViews(IReadOnlyList<Tensor[][]> maps, IReadOnlyList<ImageInfo> infos, bool rescale);
}
