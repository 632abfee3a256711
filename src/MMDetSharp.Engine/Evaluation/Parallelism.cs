namespace MMDetSharp.Engine.Evaluation;

/// <summary>How many threads evaluation may use.</summary>
internal static class Parallelism
{
    /// <param name="threads">0: as many as there are processors.</param>
    internal static ParallelOptions Of(int threads) =>
        new() { MaxDegreeOfParallelism = threads == 0 ? Environment.ProcessorCount : threads };
}
