using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Necks;

/// <summary>Guards how many maps a part takes.</summary>
internal static class Levels
{
    /// <summary>Fails unless there are so many.</summary>
    /// <exception cref="ArgumentException">There are more or fewer.</exception>
    internal static void Require(string part, Tensor[] maps, int count)
    {
        if (maps.Length != count)
        {
            throw new ArgumentException(
                $"{part}: there must be {count} maps, got {maps.Length}. Choose the backbone that belongs to it.",
                nameof(maps));
        }
    }
}
