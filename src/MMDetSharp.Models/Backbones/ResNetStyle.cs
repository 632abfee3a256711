namespace MMDetSharp.Models.Backbones;

/// <summary>Which layer of a bottleneck halves the map.</summary>
public enum ResNetStyle
{
    /// <summary>The 3x3 one, as torchvision's weights expect.</summary>
    PyTorch,

    /// <summary>The first 1x1 one, as the paper and Caffe's weights.</summary>
    Caffe,
}
