using System.Collections;
using System.Globalization;

namespace MMDetSharp.Torch.Modules;

/// <summary>Modules of one kind in a row; their names are 0, 1, 2, ...</summary>
/// <typeparam name="T">The kind.</typeparam>
public sealed class ModuleList<T> : Module, IReadOnlyList<T>
    where T : Module
{
    private readonly T[] _modules;

    /// <param name="modules">First to last.</param>
    public ModuleList(params IEnumerable<T> modules)
    {
        _modules = [.. modules];
        for (var i = 0; i < _modules.Length; i++)
        {
            RegisterChild(i.ToString(CultureInfo.InvariantCulture), _modules[i]);
        }
    }

    /// <inheritdoc/>
    public int Count => _modules.Length;

    /// <inheritdoc/>
    public T this[int index] => _modules[index];

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_modules).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
