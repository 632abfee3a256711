using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Models.ModelRegistry;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Analysis;

/// <summary>How large a detector is.</summary>
/// <param name="Parameters">Learned numbers, those of frozen stages left out, as <c>get_flops</c> counts them.</param>
/// <param name="MultiplyAdds">
/// Of one image, in all that depends on pixels alone: what MMDetection's <c>get_flops</c> prints as FLOPs.
/// </param>
public sealed record DetectorSize(long Parameters, long MultiplyAdds)
{
    /// <summary>Counts the parameters of a config's detector, and what one image of a size takes.</summary>
    /// <param name="config">A config of MMDetection 2.x.</param>
    /// <param name="height">Of the image, in pixels.</param>
    /// <param name="width">Of the image, in pixels.</param>
    /// <exception cref="ConfigException">The config is wrong; the message tells file and line.</exception>
    public static DetectorSize Measure(Config config, int height, int width)
    {
        using var scope = TensorScope.Begin();
        using var noGrad = GradMode.NoGrad();
        using var detector = DetectorBuilder.Build(config);
        detector.Train(); // frozen stages are known from now on
        var parameters = detector.NamedParameters().Where(entry => entry.Tensor.RequiresGrad).Sum(entry => entry.Tensor.ElementCount);
        detector.Eval();
        using var count = OperationCount.Begin();
        var part = detector.Parts[0];
        part.Forward(Tensor.Zeros([1, part.Channels, height, width]));
        return new(parameters, count.MultiplyAdds);
    }
}
