using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Torch.Tensors;

public sealed class OperatorTests
{
    [Fact]
    public void Call_FirstCallsOfTwoThreads_BothFindIt()
    {
        // Each round an operator that nobody has called yet: who looks it up must not take it from the other one.
        Operator[] rounds = [.. Enumerable.Range(0, 20_000).Select(_ => new Operator("aten::relu"))];
        var (arrived, failures) = (0, 0);

        Thread[] callers = [.. Enumerable.Range(0, 2).Select(_ => new Thread(Call))];
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());

        Assert.Equal(0, failures);

        void Call()
        {
            using var input = Tensor.From([-1f, 2], 2);
            for (var round = 0; round < rounds.Length; round++)
            {
                // Both at once: closer than a barrier's wake-up.
                Interlocked.Increment(ref arrived);
                SpinWait.SpinUntil(() => Volatile.Read(ref arrived) >= 2 * (round + 1));
                using var result = rounds[round].Call(input);
                if (!result.ToArray().SequenceEqual([0f, 2]))
                {
                    Interlocked.Increment(ref failures);
                }
            }
        }
    }
}
