using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Torch.Modules;

/// <summary>Builds modules, and frees what was made of them when building fails.</summary>
public static class ModuleBuild
{
    [ThreadStatic]
    private static List<Tensor>? t_made;

    /// <summary>Runs a constructor on this thread; if it throws, every tensor that it registered is freed.</summary>
    /// <param name="build">Constructs modules.</param>
    /// <returns>What it constructed.</returns>
    public static T Run<T>(Func<T> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        var outer = t_made;
        var made = t_made = [];
        try
        {
            var result = build();
            outer?.AddRange(made);
            return result;
        }
        catch
        {
            made.ForEach(tensor => tensor.Dispose());
            throw;
        }
        finally
        {
            t_made = outer;
        }
    }

    /// <summary>Notes a tensor that a module owns from now on.</summary>
    /// <returns>The same tensor.</returns>
    internal static Tensor Adopt(Tensor tensor)
    {
        t_made?.Add(tensor);
        return tensor;
    }
}
