using MMDetSharp.Models.DenseHeads.Darknet;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Detectors.Darknet;

/// <summary>The layers of a cfg, with all routes between them. Keys: 0.conv.weight ..., by the layers' numbers.</summary>
internal sealed class DarknetNetwork : Module
{
    private readonly IReadOnlyList<DarknetLayer> _layers;
    private readonly IReadOnlyList<(int Layer, DetectionLayerOptions Options)> _detections;

    /// <param name="input">The image's shape that the cfg names.</param>
    /// <param name="layers">In order; owned from now on.</param>
    /// <param name="detections">The numbers of the detection layers, and what they say.</param>
    internal DarknetNetwork(
        DarknetShape input,
        IReadOnlyList<DarknetLayer> layers,
        IReadOnlyList<(int Layer, DetectionLayerOptions Options)> detections)
    {
        Input = input;
        _layers = layers;
        _detections = detections;
        for (var i = 0; i < layers.Count; i++)
        {
            RegisterChild($"{i}", layers[i]);
        }
    }

    /// <summary>The image's shape that the cfg names.</summary>
    internal DarknetShape Input { get; }

    /// <summary>The layers, in order.</summary>
    internal IReadOnlyList<DarknetLayer> Layers => _layers;

    /// <summary>What the detection layers say, in order.</summary>
    internal IEnumerable<DetectionLayerOptions> Detections => _detections.Select(detection => detection.Options);

    /// <summary>From one cell of each detection layer's map to the next, in pixels of the image.</summary>
    internal IEnumerable<int> Strides => _detections.Select(detection => Input.Width / _layers[detection.Layer].Shape.Width);

    /// <summary>Forward pass; maps that no later layer reads are freed on the way.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>What each detection layer reads, (B, A * (5 + K), H', W'); it belongs to the caller.</returns>
    internal Tensor[] Call(Tensor images)
    {
        using var scope = TensorScope.Begin();
        var results = new Tensor?[_layers.Count];
        var readers = Readers();
        for (var i = 0; i < _layers.Count; i++)
        {
            if (_layers[i].Passes)
            {
                continue;
            }

            int[] sources = [.. _layers[i].Sources.Select(Source)];
            using (var inner = TensorScope.Begin())
            {
                var inputs = Array.ConvertAll(sources, source => source < 0 ? images : results[source]!);
                results[i] = inner.Keep(_layers[i].Compute(inputs));
            }

            foreach (var done in sources.Where(source => source >= 0 && --readers[source] == 0))
            {
                results[done]!.Dispose();
            }
        }

        return scope.Keep([.. _detections.Select(detection => results[Source(detection.Layer)]!)]);
    }

    // The layer that computes what this one gives.
    private int Source(int layer)
    {
        while (layer >= 0 && _layers[layer].Passes)
        {
            layer = _layers[layer].Sources[0];
        }

        return layer;
    }

    // How often each result is read; those of detection layers by the caller too.
    private int[] Readers()
    {
        var readers = new int[_layers.Count];
        var reading = _layers.Where(layer => !layer.Passes).SelectMany(layer => layer.Sources)
            .Concat(_detections.Select(detection => detection.Layer));
        foreach (var source in reading.Select(Source).Where(source => source >= 0))
        {
            readers[source]++;
        }

        return readers;
    }
}
