namespace MMDetSharp.Torch.Checkpoints;

/// <summary>A tensor that has one shape in the model and another one in the file.</summary>
/// <param name="Name">The full key.</param>
/// <param name="ModelShape">The shape in the model.</param>
/// <param name="FileShape">The shape in the file.</param>
public sealed record ShapeDifference(string Name, IReadOnlyList<long> ModelShape, IReadOnlyList<long> FileShape)
{
    /// <summary>Both shapes in words.</summary>
    public override string ToString() =>
        $"{Name} has shape {StoredLayout.Text(ModelShape)} in the model, {StoredLayout.Text(FileShape)} in the file";
}
