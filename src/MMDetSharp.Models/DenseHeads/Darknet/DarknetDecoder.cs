using MMDetSharp.Core.Structures;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads.Darknet;

/// <summary>The maps of all detection layers to objects, as Darknet's <c>get_network_boxes</c> and suppression.</summary>
internal sealed class DarknetDecoder
{
    private readonly IReadOnlyList<DetectionLayerOptions> _layers;
    private readonly DarknetDecoderOptions _options;
    private readonly DarknetNms _nms;

    /// <param name="layers">The detection layers, in order; of the same classes.</param>
    /// <param name="options">Score and NMS thresholds.</param>
    internal DarknetDecoder(IReadOnlyList<DetectionLayerOptions> layers, DarknetDecoderOptions options)
    {
        _layers = layers;
        _options = options;
        _nms = new DarknetNms(options.NmsThreshold, layers[^1].Yolo);
    }

    /// <summary>The number of classes, K.</summary>
    internal int ClassCount => _layers[0].Classes;

    /// <summary>Finds the objects of each image.</summary>
    /// <param name="maps">(B, A * (5 + K), H, W) of each layer; borrowed.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="infos">(B): what happened to each image, for boxes in pixels of it; null: of the network's input.</param>
    /// <returns>(B) objects by descending score; they belong to the caller.</returns>
    internal Detections[] Decode(Tensor[] maps, ImageShape input, IReadOnlyList<ImageInfo>? infos)
    {
        using var scope = TensorScope.Begin();
        var plain = Array.ConvertAll(maps, map => map.Detach().To(Device.Cpu).Contiguous());
        var found = new Detections[maps[0].Size(0)];
        for (var image = 0; image < found.Length; image++)
        {
            var kept = _nms.Select(Candidates(plain, image, input));
            found[image] = Pack(kept, View.Of(input, infos?[image]), _options.ClipBorder).KeepIn(scope);
        }

        return found;
    }

    /// <summary>The boxes of one image that pass the threshold, before any is suppressed.</summary>
    internal List<DarknetCandidate> Candidates(Tensor[] maps, int image, ImageShape input)
    {
        List<DarknetCandidate> candidates = [];
        var threshold = (float)_options.ScoreThreshold;
        for (var i = 0; i < maps.Length; i++)
        {
            var size = new DarknetMapSize((int)maps[i].Size(2), (int)maps[i].Size(3), input.Height, input.Width);
            var length = (int)(maps[i].Size(1) * size.Height * size.Width);
            var values = maps[i].Elements<float>().Slice(image * length, length);
            if (_layers[i].Yolo is { } yolo)
            {
                new YoloCells(yolo, threshold).Collect(values, size, candidates);
            }
            else
            {
                new RegionCells(_layers[i].Region!, threshold).Collect(values, size, candidates);
            }
        }

        return candidates;
    }

    private static Detections Pack(List<DarknetCandidate> kept, View view, bool clip)
    {
        var (boxes, scores, labels) = (new float[kept.Count * 4], new float[kept.Count], new long[kept.Count]);
        for (var i = 0; i < kept.Count; i++)
        {
            (scores[i], labels[i]) = (kept[i].Score, kept[i].Label);
            view.Write(kept[i].Box, boxes.AsSpan(i * 4, 4));
            if (clip)
            {
                view.Clip(boxes.AsSpan(i * 4, 4));
            }
        }

        return new(Tensor.From(boxes, kept.Count, 4), Tensor.From(scores, kept.Count), Tensor.From(labels, kept.Count));
    }

    // From parts of the network's input to pixels: of the input, or of the image that was stretched or letterboxed into it.
    private readonly record struct View(ImageShape Input, ImageShape Target, (float X, float Y) Scale, (float X, float Y) Start)
    {
        internal static View Of(ImageShape input, ImageInfo? info) => info is null
            ? new(input, input, (1, 1), (0, 0))
            : new(
                input,
                info.OriginalShape,
                (info.ScaleFactor[0], info.ScaleFactor[1]),
                (info.PadParameters?[2] ?? 0, info.PadParameters?[0] ?? 0));

        internal void Write(in DarknetBox box, Span<float> xyxy)
        {
            var (x, y) = (((box.X * Input.Width) - Start.X) / Scale.X, ((box.Y * Input.Height) - Start.Y) / Scale.Y);
            var (width, height) = (box.Width * Input.Width / Scale.X, box.Height * Input.Height / Scale.Y);
            xyxy[0] = x - (width / 2);
            xyxy[1] = y - (height / 2);
            xyxy[2] = x + (width / 2);
            xyxy[3] = y + (height / 2);
        }

        internal void Clip(Span<float> xyxy)
        {
            xyxy[0] = Math.Clamp(xyxy[0], 0, Target.Width);
            xyxy[1] = Math.Clamp(xyxy[1], 0, Target.Height);
            xyxy[2] = Math.Clamp(xyxy[2], 0, Target.Width);
            xyxy[3] = Math.Clamp(xyxy[3], 0, Target.Height);
        }
    }
}
