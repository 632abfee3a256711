using MMDetSharp.Torch.Interop;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Ops;

/// <summary>torchvision's operators, loaded at the first use; they need no Python.</summary>
public static class VisionOperators
{
    private static readonly Lock s_gate = new();
    private static readonly Operator s_nms = new("torchvision::nms");
    private static readonly Operator s_roiAlign = new("torchvision::roi_align");
    private static readonly Operator s_deformConv2d = new("torchvision::deform_conv2d");
    private static bool s_loaded;

    /// <summary>The file that was loaded; empty before the first use.</summary>
    public static string LoadedFrom { get; private set; } = "";

    /// <summary>Whether a library lies where they are looked for; it is not loaded yet.</summary>
    public static bool IsInstalled => Candidates().Any(File.Exists);

    /// <summary>Greedy non-maximum suppression.</summary>
    /// <param name="boxes">(N, 4) xyxy.</param>
    /// <param name="scores">(N).</param>
    /// <param name="threshold">A box is suppressed when its IoU with a better one is above it.</param>
    /// <returns>Indices of the boxes that are kept, by falling score.</returns>
    public static Tensor Nms(Tensor boxes, Tensor scores, double threshold)
    {
        Load();
        return s_nms.Call(boxes, scores, threshold);
    }

    /// <summary>RoIAlign; He et al., "Mask R-CNN", arXiv:1703.06870, section 3.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="rois">(R, 5): image index, then xyxy in pixels of the input image.</param>
    /// <param name="scale">Feature cells per pixel.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    /// <param name="samplingRatio">Samples per cell and axis; 0 chooses by size.</param>
    /// <param name="aligned">Whether pixel centres lie at half coordinates.</param>
    /// <returns>(R, C, height, width).</returns>
    public static Tensor RoIAlign(
        Tensor input, Tensor rois, double scale, long height, long width, long samplingRatio, bool aligned)
    {
        Load();
        return s_roiAlign.Call(input, rois, scale, height, width, samplingRatio, aligned);
    }

    /// <summary>Deformable convolution v1, or v2 with a mask; arXiv:1703.06211 and arXiv:1811.11168.</summary>
    /// <param name="input">(B, C, H, W).</param>
    /// <param name="weight">(O, C / groups, kh, kw).</param>
    /// <param name="offset">(B, 2 x offset groups x kh x kw, H', W'): y, x per tap.</param>
    /// <param name="mask">(B, offset groups x kh x kw, H', W'), or none for v1.</param>
    /// <param name="bias">(O), or none.</param>
    /// <param name="geometry">Stride, padding, dilation, groups.</param>
    public static Tensor DeformConv2d(
        Tensor input, Tensor weight, Tensor offset, Tensor? mask, Tensor? bias, DeformConvGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        Load();
        using var scope = TensorScope.Begin();
        return scope.Keep(s_deformConv2d.Call(
            input, weight, offset, mask ?? Tensor.Zeros([input.Size(0), 1], input.Type, input.Device),
            bias ?? Tensor.Zeros([weight.Size(0)], input.Type, input.Device),
            geometry.Stride, geometry.Stride, geometry.Padding, geometry.Padding, geometry.Dilation,
            geometry.Dilation, geometry.Groups, geometry.OffsetGroups, mask is not null));
    }

    /// <summary>Loads torchvision's library, which registers its operators; once.</summary>
    /// <exception cref="TorchException">No file was found, or it does not fit this libtorch.</exception>
    public static void Load()
    {
        lock (s_gate)
        {
            if (s_loaded)
            {
                return;
            }

            var path = Candidates().FirstOrDefault(File.Exists) ?? throw new TorchException(
                "VisionOperators: torchvision's operator library must be installed, none was found. Run " +
                "apt-get install python3-torchvision, or set MMDET_TORCHVISION to its _C.so or libtorchvision.so.");
            Native.Check(Native.LibraryLoad(path), nameof(VisionOperators));
            LoadedFrom = path;
            s_loaded = true;
        }
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("MMDET_TORCHVISION") is { Length: > 0 } path)
        {
            yield return path;
        }

        foreach (var folder in (string[])["/usr/lib/python3/dist-packages/torchvision", AppContext.BaseDirectory])
        {
            if (Directory.Exists(folder))
            {
                foreach (var file in Directory.EnumerateFiles(folder, "_C*.so"))
                {
                    yield return file;
                }

                yield return Path.Combine(folder, "libtorchvision.so");
            }
        }
    }
}
