namespace MMDetSharp.Torch.Interop;

/// <summary>mdt_tag of the header.</summary>
internal enum ValueTag : long
{
    None = 0,
    Tensor = 1,
    Int = 2,
    Double = 3,
    Bool = 4,
    IntList = 5,
    TensorList = 6,
    String = 7,
    DoubleList = 8,
    OptionalTensorList = 9,
    Device = 10,
    Generator = 11,
}
