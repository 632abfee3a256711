using MMDetSharp.Data.Datasets;

namespace MMDetSharp.Data.Pipelines;

/// <summary>
/// MMDetection's <c>MultiImageMixDataset</c>: a pipeline that reads, then one that may mix several images of the data
/// set into one. What is mixed depends on the sample's random numbers alone, as everything else.
/// </summary>
/// <param name="dataset">Where the other images come from.</param>
/// <param name="reading">What is done to each image before it is mixed: load image and annotations.</param>
/// <param name="mixing">What is done then, such as <see cref="Mosaic"/>.</param>
public sealed class MixPipeline(IDetectionDataset dataset, ITransform reading, ITransform mixing) : ITransform
{
    private const int MaxDraws = 100;
    private readonly Source _source = new(dataset, reading);

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (!reading.Apply(sample, random))
        {
            return false;
        }

        sample.Others = _source;
        return mixing.Apply(sample, random);
    }

    private sealed class Source(IDetectionDataset dataset, ITransform reading) : ISampleSource
    {
        public Sample Draw(IRandomSource random)
        {
            for (var draw = 0; draw < MaxDraws; draw++)
            {
                var sample = new Sample(dataset.Item(random.NextInt(0, dataset.Count))) { Others = this };
                try
                {
                    if (reading.Apply(sample, random))
                    {
                        return sample;
                    }
                }
                catch
                {
                    sample.Dispose();
                    throw;
                }

                sample.Dispose();
            }

            throw new PipelineException(
                $"MultiImageMixDataset: the data set's pipeline must keep an image, it kept none of {MaxDraws} drawn. " +
                "Check the annotations.");
        }
    }
}
