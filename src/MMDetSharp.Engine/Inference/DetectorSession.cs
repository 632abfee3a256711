using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Models.Execution;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>Runs a detector on batches, compiled where that is wanted.</summary>
/// <remarks>Its parts are compiled at the first batch, from the weights of that moment. Not safe for several threads at once.</remarks>
/// <param name="model">In evaluation mode; borrowed.</param>
/// <param name="device">Where the model is.</param>
/// <param name="compile">Whether to compile; only on the processor.</param>
internal sealed class DetectorSession(Detector model, Device device, bool compile) : IDisposable
{
    private readonly CompiledExecutor? _compiled =
        compile && device.Type == DeviceType.Cpu ? new CompiledExecutor(model) : null;

    /// <summary>Finds the objects of each image of a batch, or of one image in several views.</summary>
    /// <param name="views">One batch, or one batch of one image per view; borrowed.</param>
    /// <returns>(B) detections in pixels of the original images; they belong to the caller.</returns>
    internal Detections[] Detect(IReadOnlyList<Batch> views)
    {
        using var scope = TensorScope.Begin();
        if (device.Type != DeviceType.Cpu)
        {
            views = [.. views.Select(view => view.To(device))];
        }

        Detections[] found = views.Count == 1
            ? model.Detect(views[0], rescale: true, _compiled)
            : [model.DetectAugmented(views, rescale: true, _compiled)];
        return Array.ConvertAll(found, detections => detections.KeepIn(scope));
    }

    /// <inheritdoc/>
    public void Dispose() => _compiled?.Dispose();
}
