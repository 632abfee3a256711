using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Layers;

/// <summary>
/// A module that remembers more of the batches it has seen than its parameters and buffers, so that a resumed training
/// needs it: the moving thresholds of an assigner (Zhang et al., "Dynamic R-CNN", arXiv:2004.06002, section 4.1).
/// </summary>
/// <remarks>
/// What the reference keeps in its checkpoints is a buffer instead, under the reference's name, such as
/// <c>bbox_head.loss_cls.acc_sum</c> of GHM: buffers are saved and resumed with the weights.
/// </remarks>
public interface ITrainingState
{
    /// <summary>The tensors by name, always the same ones, changed in place: copy into them, never dispose them.</summary>
    IReadOnlyList<KeyValuePair<string, Tensor>> TrainingState { get; }
}
