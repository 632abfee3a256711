using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Compilation;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Execution;

/// <summary>
/// Records each part of a model at its first run, from the weights of that moment, and runs the compiled recording: on
/// the processor, without gradients. Not safe for several threads at once.
/// </summary>
/// <param name="model">The owner of the parts, in evaluation mode; borrowed.</param>
public sealed class CompiledExecutor(Module model) : IExecutor, IDisposable
{
    // Any small size does: what the compiled part gives at other sizes does not depend on it. Two images, since libtorch
    // leaves the convolutions of a single small one to a slow library, and recording would take four times as long.
    private const int ExampleSize = 64;
    private const int ExampleBatch = 2;

    private readonly Dictionary<string, (CompiledModule Program, MapSet Layout)> _compiled = [];

    /// <inheritdoc/>
    public MapSet Run(NetworkPart part, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(part);
        part.RequireInput(input);
        if (!_compiled.TryGetValue(part.Name, out var compiled))
        {
            compiled = Compile(part, input);
            _compiled.Add(part.Name, compiled);
        }

        return compiled.Layout.With(compiled.Program.Run(input));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (program, _) in _compiled.Values)
        {
            program.Dispose();
        }
    }

    // The layout's own tensors are freed with the recording; only its names and levels are used.
    private (CompiledModule Program, MapSet Layout) Compile(NetworkPart part, Tensor input)
    {
        using var scope = TensorScope.Begin();
        MapSet? layout = null;
        var program = CompiledModule.Trace(
            model,
            example =>
            {
                layout = part.Forward(example);
                return layout.Tensors;
            },
            Tensor.Zeros(ExampleShape(part, input)),
            input);
        return (program, layout!);
    }

    private static long[] ExampleShape(NetworkPart part, Tensor input)
    {
        var side = (Math.Max(ExampleSize, part.LeastSide) + part.SizeDivisor - 1) / part.SizeDivisor * part.SizeDivisor;
        return part.IsFixedSize
            ? [ExampleBatch, input.Size(1), input.Size(2), input.Size(3)]
            : [ExampleBatch, input.Size(1), side, side];
    }
}
