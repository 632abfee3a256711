using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Pipelines;

namespace MMDetSharp.Data.Loading;

/// <summary>Data set and pipeline together: an index becomes a sample, or another index of its group does.</summary>
internal sealed class SampleLoader(IDetectionDataset dataset, ITransform pipeline, ISampler sampler, int seed)
{
    private const int MaxDraws = 100;

    /// <summary>The sample of one place in an epoch; the caller owns it.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="index">Of the data set.</param>
    /// <returns>The sample, and the index that it came from.</returns>
    /// <exception cref="DataLoaderException">The image cannot be made ready; the message names it.</exception>
    internal (int Index, Sample Sample) Load(int epoch, int index)
    {
        var random = new CounterRandom(seed, epoch, index);
        var chosen = index;
        for (var draw = 0; draw < MaxDraws; draw++)
        {
            if (TryLoad(chosen, random) is { } sample)
            {
                return (chosen, sample);
            }

            chosen = AnotherOfGroup(chosen, random);
        }

        throw new DataLoaderException(
            $"{dataset.Item(index).ImagePath}: the pipeline must keep a box, it kept none of this image and of " +
            $"{MaxDraws - 1} others drawn instead. Check the annotations, or crop larger parts.");
    }

    private Sample? TryLoad(int index, IRandomSource random)
    {
        var sample = new Sample(dataset.Item(index)) { BatchShape = sampler.BatchShape(index) };
        var keep = false;
        try
        {
            keep = pipeline.Apply(sample, random);
            return keep ? sample : null;
        }
        catch (Exception error) when (error is not DataLoaderException)
        {
            var message = error.Message.Contains(sample.FileName, StringComparison.Ordinal)
                ? error.Message
                : $"{sample.FileName}: {error.Message}";
            throw new DataLoaderException($"{message} (image {sample.Item.Id}, index {index} of the data set)", error);
        }
        finally
        {
            if (!keep)
            {
                sample.Dispose();
            }
        }
    }

    private int AnotherOfGroup(int index, CounterRandom random)
    {
        var groups = dataset.AspectGroups;
        var pool = Enumerable.Range(0, groups.Count).Where(i => groups[i] == groups[index]).ToList();
        return random.Choice(pool);
    }
}
