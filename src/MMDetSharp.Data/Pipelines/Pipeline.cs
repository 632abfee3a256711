namespace MMDetSharp.Data.Pipelines;

/// <summary>Transforms in a row. Safe to use from many threads at once.</summary>
/// <param name="transforms">In the order in which they are applied.</param>
public sealed class Pipeline(IReadOnlyList<ITransform> transforms) : ITransform
{
    /// <summary>The transforms, in the order in which they run.</summary>
    public IReadOnlyList<ITransform> Transforms { get; } = transforms;

    /// <inheritdoc/>
    public bool Apply(Sample sample, IRandomSource random)
    {
        foreach (var transform in Transforms)
        {
            if (!transform.Apply(sample, random))
            {
                return false;
            }
        }

        return true;
    }
}
