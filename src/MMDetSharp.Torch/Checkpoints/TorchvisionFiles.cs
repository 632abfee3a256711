namespace MMDetSharp.Torch.Checkpoints;

/// <summary>The full names of torchvision's files, for messages: any file whose name begins so is taken.</summary>
internal static class TorchvisionFiles
{
    private static readonly string[] Names =
    [
        "resnet18-5c106cde.pth", "resnet34-333f7ec4.pth", "resnet50-19c8e357.pth", "resnet101-5d3b4d8f.pth",
        "resnet152-b121ed2d.pth", "resnext50_32x4d-7cdf4587.pth", "resnext101_32x8d-8ba56ff5.pth",
        "vgg16-397923af.pth", "mobilenet_v2-b0353104.pth",
    ];

    /// <summary>The name with its hash where it is known, else the pattern.</summary>
    internal static string Complete(string pattern)
    {
        var start = pattern.Split('*')[0];
        return Names.FirstOrDefault(name => name.StartsWith(start, StringComparison.Ordinal)) ?? pattern;
    }
}
