namespace MMDetSharp.Torch.Tensors;

/// <summary>Kinds of devices, with the numbers that libtorch gives them.</summary>
public enum DeviceType
{
    /// <summary>The processor.</summary>
    Cpu = 0,

    /// <summary>An NVIDIA graphics processor.</summary>
    Cuda = 1,
}
