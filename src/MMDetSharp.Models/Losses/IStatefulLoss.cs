using MMDetSharp.Torch.Modules;

namespace MMDetSharp.Models.Losses;

/// <summary>A loss that remembers something between iterations: it is saved, moved and resumed with the head.</summary>
public interface IStatefulLoss : ILoss
{
    /// <summary>What it remembers; its keys stand below the loss's own, <c>bbox_head.loss_cls.</c>.</summary>
    Module State { get; }
}
