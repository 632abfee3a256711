using System.Runtime.Intrinsics;

using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Losses;

/// <summary>
/// Focal loss and its gradient in one pass over the logits, on the processor: recorded step by step it would move some
/// twenty tensors of the logits' size through memory, here it reads one and writes one.
/// </summary>
internal sealed class FocalKernel
{
    /// <summary>The smallest normal float: the least argument of a logarithm, as in the reference's kernel.</summary>
    internal const float Smallest = 1.17549435e-38f;

    private const int RowsPerTask = 512;

    /// <summary>The exponent of the focusing factor.</summary>
    internal required float Gamma { get; init; }

    /// <summary>The weight of the object's class.</summary>
    internal required float Alpha { get; init; }

    /// <summary>The factor of the sum, and of the gradient.</summary>
    internal required double Scale { get; init; }

    /// <summary>Computes the loss, and the gradient where wanted.</summary>
    /// <param name="logits">(N, K), without gaps.</param>
    /// <param name="labels">(N), K for background.</param>
    /// <param name="weights">(N), or null.</param>
    /// <param name="gradient">(N, K), without gaps; overwritten.</param>
    /// <returns>The scaled sum of the losses.</returns>
    internal double Run(Tensor logits, long[] labels, float[]? weights, Tensor? gradient)
    {
        var classes = (int)logits.Size(1);
        var sums = new double[(labels.Length + RowsPerTask - 1) / RowsPerTask];
        Parallel.For(0, sums.Length, new ParallelOptions { MaxDegreeOfParallelism = TorchRuntime.Threads }, task =>
        {
            var from = task * RowsPerTask;
            var to = Math.Min(from + RowsPerTask, labels.Length);
            var input = logits.Elements<float>();
            var output = gradient is null ? default : gradient.WritableElements<float>();
            for (var row = from; row < to; row++)
            {
                var slopes = output.IsEmpty ? output : output.Slice(row * classes, classes);
                sums[task] += Row(
                    input.Slice(row * classes, classes), labels[row], weights is null ? 1 : weights[row], slopes);
            }
        });
        return sums.Sum() * Scale; // tasks are summed in order: the same value for every number of threads
    }

    private double Row(ReadOnlySpan<float> logits, long label, float weight, Span<float> gradient)
    {
        if (weight == 0)
        {
            gradient.Clear();
            return 0;
        }

        var factor = (float)(weight * Scale);
        var sum = 0.0;
        var i = 0;
        if (label < 0 || label >= logits.Length)
        {
            var total = Vector256<float>.Zero;
            for (; i <= logits.Length - Vector256<float>.Count; i += Vector256<float>.Count)
            {
                total += Negatives(Vector256.Create(logits[i..]), factor, gradient.IsEmpty ? gradient : gradient[i..]);
            }

            sum = Vector256.Sum(total);
        }

        for (; i < logits.Length; i++)
        {
            var (loss, slope) = i == label ? Positive(logits[i]) : Negative(logits[i]);
            sum += loss;
            if (!gradient.IsEmpty)
            {
                gradient[i] = slope * factor;
            }
        }

        return sum * weight;
    }

    // The losses of eight classes that are not the object's; their slopes go to the gradient.
    private Vector256<float> Negatives(Vector256<float> logits, float factor, Span<float> gradient)
    {
        var p = Vector256<float>.One / (Vector256<float>.One + Vector256.Exp(-logits));
        var q = Vector256<float>.One - p;
        var logQ = Vector256.Log(Vector256.Max(q, Vector256.Create(Smallest)));
        var power = Power(p) * (Alpha - 1);
        if (!gradient.IsEmpty)
        {
            (power * ((q * logQ * Gamma) - p) * factor).CopyTo(gradient);
        }

        return power * logQ;
    }

    private Vector256<float> Power(Vector256<float> p) => Gamma switch
    {
        0 => Vector256<float>.One,
        1 => p,
        2 => p * p,
        _ => Vector256.Exp(Vector256.Log(Vector256.Max(p, Vector256.Create(Smallest))) * Gamma),
    };

    private (float Loss, float Slope) Negative(float logit)
    {
        var p = 1 / (1 + MathF.Exp(-logit));
        var logQ = MathF.Log(MathF.Max(1 - p, Smallest));
        var power = MathF.Pow(p, Gamma) * (Alpha - 1);
        return (power * logQ, power * (((1 - p) * logQ * Gamma) - p));
    }

    private (float Loss, float Slope) Positive(float logit)
    {
        var p = 1 / (1 + MathF.Exp(-logit));
        var logP = MathF.Log(MathF.Max(p, Smallest));
        var power = MathF.Pow(1 - p, Gamma) * -Alpha;
        return (power * logP, power * (1 - p - (p * logP * Gamma)));
    }
}
