using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Support;

/// <summary>
/// Tests that count live tensors or measure memory: nothing runs beside them, and what the tests before them forgot is
/// gone when the first begins.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CountsTensors : ICollectionFixture<CountsTensors.Settled>
{
    /// <summary>For <c>[Collection(CountsTensors.Name)]</c>.</summary>
    public const string Name = "counts tensors";

    /// <summary>Waits for the finalizers of forgotten tensors.</summary>
    public sealed class Settled
    {
        /// <summary>A finalizer queues its tensor; making the next one frees it.</summary>
        public Settled()
        {
            for (var i = 0; i < 3; i++)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                Tensor.Scalar(0).Dispose();
            }
        }
    }
}
