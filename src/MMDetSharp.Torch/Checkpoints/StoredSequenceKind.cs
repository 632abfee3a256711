namespace MMDetSharp.Torch.Checkpoints;

/// <summary>Which of Python's collections a <see cref="StoredList"/> was.</summary>
public enum StoredSequenceKind
{
    /// <summary>list</summary>
    List,

    /// <summary>tuple</summary>
    Tuple,

    /// <summary>set or frozenset; the order is that of the file.</summary>
    Set,
}
