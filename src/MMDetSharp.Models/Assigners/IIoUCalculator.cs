using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Assigners;

/// <summary>Measures how much boxes overlap.</summary>
public interface IIoUCalculator
{
    /// <summary>Every first box with every second box.</summary>
    /// <param name="first">(M, 4) xyxy.</param>
    /// <param name="second">(N, 4) xyxy.</param>
    /// <param name="mode">How the overlap is measured.</param>
    /// <returns>(M, N); it belongs to the caller.</returns>
    Tensor Pairs(Tensor first, Tensor second, OverlapMode mode = OverlapMode.IoU);

    /// <summary>Each first box with the second box of the same row.</summary>
    /// <param name="first">(N, 4) xyxy.</param>
    /// <param name="second">(N, 4) xyxy.</param>
    /// <param name="mode">How the overlap is measured.</param>
    /// <returns>(N); it belongs to the caller.</returns>
    Tensor Aligned(Tensor first, Tensor second, OverlapMode mode = OverlapMode.IoU);
}
