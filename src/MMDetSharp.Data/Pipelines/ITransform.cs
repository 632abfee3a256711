namespace MMDetSharp.Data.Pipelines;

/// <summary>One step of a pipeline. It keeps no state: many threads use one instance.</summary>
public interface ITransform
{
    /// <summary>Transforms image, boxes and history of one sample.</summary>
    /// <param name="sample">What the earlier steps made; changed in place.</param>
    /// <param name="random">The random numbers of this sample.</param>
    /// <returns>False when the sample is of no use for training and another one should be drawn.</returns>
    /// <exception cref="PipelineException">The sample lacks what this step needs.</exception>
    bool Apply(Sample sample, IRandomSource random);
}
