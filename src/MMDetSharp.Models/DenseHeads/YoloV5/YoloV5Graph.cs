using System.Globalization;

using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>
/// A YOLOv5 network: rows that take the maps of any rows before them, and Detect, a 1x1 convolution for each output.
/// Keys: 0.*, 1.*, ..., the last is Detect's.
/// </summary>
internal sealed class YoloV5Graph : Module
{
    private readonly IReadOnlyList<YoloV5Node> _nodes;
    private readonly int[] _outputs;
    private readonly int[] _lastUse;

    /// <param name="options">The rows of backbone and head.</param>
    /// <exception cref="ArgumentException">A row is unknown or does not fit; the message names it.</exception>
    internal YoloV5Graph(YoloV5Options options)
    {
        (_nodes, _outputs) = YoloV5Builder.Build(options);
        for (var i = 0; i < _nodes.Count; i++)
        {
            if (_nodes[i].Layer is { } layer)
            {
                RegisterChild(i.ToString(CultureInfo.InvariantCulture), layer);
            }
        }

        Strides = [.. _outputs.Select(output => (int)Math.Round(_nodes[output].Stride))];
        SizeDivisor = (int)_nodes.Max(node => node.Stride);
        int[] channels = [.. _outputs.Select(output => _nodes[output].Channels)];
        Detect = RegisterChild(
            _nodes.Count.ToString(CultureInfo.InvariantCulture), new YoloV5Detect(options, Strides, channels));
        _lastUse = [.. Enumerable.Range(0, _nodes.Count).Select(LastUse)];
    }

    /// <summary>The convolutions of the outputs.</summary>
    internal YoloV5Detect Detect { get; }

    /// <summary>(L) pixels of the image from one cell of each output to the next.</summary>
    internal IReadOnlyList<int> Strides { get; }

    /// <summary>Heights and widths of images must be multiples of this, the largest stride of any row.</summary>
    internal int SizeDivisor { get; }

    /// <summary>Runs the rows in order, and gives the maps of Detect.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>(L) maps (B, A (5 + K), H / stride, W / stride); they belong to the caller.</returns>
    internal Tensor[] Forward(Tensor images)
    {
        using var scope = TensorScope.Begin();
        var maps = new Tensor[_nodes.Count];
        for (var i = 0; i < maps.Length; i++)
        {
            maps[i] = Run(_nodes[i], images, maps);
            Free(maps, i);
        }

        return scope.Keep(Detect.Forward([.. _outputs.Select(output => maps[output])]));
    }

    private static Tensor Run(YoloV5Node node, Tensor images, Tensor[] maps)
    {
        var inputs = Array.ConvertAll(node.From, from => from < 0 ? images : maps[from]);
        return node.Layer is { } layer ? layer.Call(inputs[0]) : Tensor.Cat(1, inputs);
    }

    // A map that no later row needs goes at once: the network holds a few maps, not all.
    private void Free(Tensor[] maps, int now)
    {
        for (var i = 0; i <= now; i++)
        {
            if (_lastUse[i] == now && !ReferenceEquals(maps[i], maps[now]))
            {
                maps[i].Dispose();
            }
        }
    }

    private int LastUse(int row) => _outputs.Contains(row)
        ? _nodes.Count
        : Enumerable.Range(row, _nodes.Count - row).Last(i => i == row || _nodes[i].From.Contains(row));
}
