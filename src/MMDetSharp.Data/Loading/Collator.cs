using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Data.Loading;

/// <summary>Makes the tensors of a batch from samples; smaller images are padded right and below with 0.</summary>
public static class Collator
{
    /// <summary>One batch of samples without views.</summary>
    /// <param name="samples">(B), each behind <see cref="Collect"/>; they stay the caller's.</param>
    /// <returns>The batch; the caller owns it.</returns>
    /// <exception cref="PipelineException">The samples do not fit each other.</exception>
    public static Batch Collate(IReadOnlyList<Sample> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        using var scope = TensorScope.Begin();
        var keys = samples[0].CollectedKeys ?? throw new PipelineException(
            "Collate: every pipeline must end with Collect. Add dict(type='Collect', keys=['img']).");
        var images = Stack(samples);
        var withTruth = keys.Contains(Collect.BoxesKey);
        var truths = withTruth ? samples.Select(sample => Truth(sample, keys)).ToList() : [];

        Keep(scope, images);
        foreach (var truth in truths)
        {
            Keep(scope, truth.Boxes, truth.Labels, truth.IgnoredBoxes);
        }

        return new Batch(images, [.. samples.Select(sample => sample.ToInfo())], truths);
    }

    private static void Keep(TensorScope scope, params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
        {
            scope.Keep(tensor);
        }
    }

    private static Tensor Stack(IReadOnlyList<Sample> samples)
    {
        var shapes = samples.Select(sample => sample.Image.Shape).ToList();
        var (height, width) = (shapes.Max(shape => shape.Height), shapes.Max(shape => shape.Width));
        var channels = shapes[0].Channels;
        if (shapes.Exists(shape => shape.Channels != channels))
        {
            throw new PipelineException(
                $"Collate: all images of a batch must have {channels} channels like {samples[0].FileName}. " +
                "Read them with color_type='color'.");
        }

        var images = Tensor.Empty([samples.Count, channels, height, width]);  // (B, C, H, W)
        Native.Check(Native.TensorData(images.Handle, out var data));
        for (var i = 0; i < samples.Count; i++)
        {
            var offset = (long)i * channels * height * width * sizeof(float);
            samples[i].Image.WritePlanes((nint)(data + offset), width, height);
        }

        return images;
    }

    private static GroundTruth Truth(Sample sample, IReadOnlyList<string> keys)
    {
        var labels = keys.Contains(Collect.LabelsKey) ? sample.Labels! : new long[sample.Boxes!.Length / 4];
        var ignored = keys.Contains(Collect.IgnoredBoxesKey) ? sample.IgnoredBoxes! : [];
        return new GroundTruth(Boxes(sample.Boxes!), Tensor.From(labels, labels.Length), Boxes(ignored));
    }

    private static Tensor Boxes(float[] values) => Tensor.From(values, values.Length / 4, 4);  // (N, 4)
}
