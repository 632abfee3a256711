using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Torch.Compilation;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>Runs a detector on batches, with its dense part compiled where that is wanted.</summary>
/// <remarks>The compiled part is made at the first batch, from the weights of that moment. Not safe for several threads at once.</remarks>
/// <param name="model">In evaluation mode; borrowed.</param>
/// <param name="device">Where the model is.</param>
/// <param name="compile">Whether to compile; only on the processor.</param>
internal sealed class DetectorSession(Detector model, Device device, bool compile) : IDisposable
{
    // Any small size does: what the compiled part gives at other sizes does not depend on it. Two pictures, since libtorch
    // leaves the convolutions of a single small one to a slow library, and recording would take four times as long.
    private const int ExampleSize = 64;
    private const int ExampleBatch = 2;

    private readonly bool _compile = compile && device.Type == DeviceType.Cpu;
    private CompiledModule? _compiled;
    private CompiledModule? _compiledForAnySize;

    /// <summary>Finds the objects of each image of a batch, or of one image in several views.</summary>
    /// <param name="views">One batch, or one batch of one image per view; borrowed.</param>
    /// <returns>(B) detections in pixels of the original pictures; they belong to the caller.</returns>
    internal Detections[] Detect(IReadOnlyList<Batch> views)
    {
        using var noGrad = GradMode.NoGrad();
        using var scope = TensorScope.Begin();
        if (device.Type != DeviceType.Cpu)
        {
            views = [.. views.Select(view => view.To(device))];
        }

        Detections[] found = views.Count == 1
            ? model.DecodeDense(Maps(views[0].Images), views[0], rescale: true)
            : [model.DecodeViews([.. views.Select(view => Maps(view.Images))], views, rescale: true)];
        return Array.ConvertAll(found, detections => detections.KeepIn(scope));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _compiled?.Dispose();
        _compiledForAnySize?.Dispose();
    }

    // A recording at a multiple of the divisor is right for all multiples, one at another size for every size.
    private Tensor[] Maps(Tensor images)
    {
        if (!_compile)
        {
            return model.ForwardDense(images);
        }

        var divisor = model.SizeDivisor;
        var aligned = (ExampleSize + divisor - 1) / divisor * divisor;
        var compiled = images.Size(2) % divisor == 0 && images.Size(3) % divisor == 0
            ? _compiled ??= Compile(images.Size(1), aligned)
            : _compiledForAnySize ??= Compile(images.Size(1), aligned - 1);
        return compiled.Run(images);
    }

    private CompiledModule Compile(long channels, int side)
    {
        using var example = Tensor.Zeros([ExampleBatch, channels, side, side]);
        return CompiledModule.Trace(model, model.ForwardDense, example);
    }
}
